"""Texts as people write, paste and mistype them, for Hypothesis."""

from hypothesis import strategies as st

WORDS = [
    *["废水", "氨氮", "膜曝气", "光伏组件", "神经网络", "深度学习", "卷积神经网络", "轴承套圈"],
    *["缺陷检测", "机器人", "催化剂", "电解水制氢", "高", "低", "水", "膜", "技术", "系统", "方法"],
    *["的", "和", "采用", "一种", "MBR-200", "Fe3O4", "C++", "COVID-19", "PVDF-HFP", "AI", "a"],
    *[
        "5 mg/L",
        "1,000mg/L",
        "25℃",
        "20㎡",
        "99.5%",
        "３．５ｋＷ",
        "½",
        "10",
        "克",
        "廢水處理",
        "機器學習",
    ],
    *["，", "。", "；", "、", " ", "\n", "！", "（", "）", "-", "/", "\\n"],
]
NOISE = [
    *["e\u0301", "\u0301", "İ", "ﬁ", "ｶ", "ﾞ", "ｶﾞ", "ㄱ", "ㅏ", "가", "Σ", "ς", "😀", "👨\u200d👩"],
    *["\x00", "\u200b", "\ufeff", "\ud800", "\udc00", "\u00ad", "\u3000", "\r\n", "㎎", "Ⅲ", "①"],
    *["鄧", "乾", "乾隆", "乾燥", "後", "裏", "發", "㶲", "𠮷", "々", "〇", "_", "\t"],
]
# The one character that OpenCC simplifies in two steps, 薴 → 苧 → 苎: twice is not once.
TWO_STEPS = "薴"

characters = st.characters(exclude_categories=(), exclude_characters=TWO_STEPS)
"""Every code point, lone surrogates included."""

sentences = st.lists(st.sampled_from(WORDS), max_size=30).map("".join)
"""What a broker might write."""

messy = st.lists(
    st.sampled_from(WORDS) | st.sampled_from(NOISE) | st.text(characters, max_size=3), max_size=20
).map("".join)
"""The same with what may be pasted along, and with anything at all."""

plain = st.text(
    st.sampled_from(
        "高氨氮废水处理膜曝气光伏组件清洗机器人神经网络深度学习缺陷检测催化剂的和一种在用"
        "ABCXYZabcxyz0123456789 ，。；、-./+#%()\n"
    ),
    max_size=60,
)
"""Simplified characters and ASCII, where a character normalises alike with and without company."""
