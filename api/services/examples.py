"""One record of each kind as the documentation shows them. Invented."""

from typing import Any, Final

ACHIEVEMENT: Final[dict[str, Any]] = {
    "title": "烧结烟气中低温脱硝催化剂及成型工艺",
    "abstract": "以锰铈氧化物为活性组分，180 ℃下脱硝效率不低于92%，抗水抗硫；完成5000 m³/h中试。",
    "keywords": ["脱硝催化剂", "低温", "烧结烟气"],
    "provider": "云麓理工大学（示例）",
    "field": "资源与环境",
    "maturity": 7,
    "ip_kinds": ["发明专利"],
    "ip_status": "已授权",
    "cooperation_modes": ["技术许可", "技术服务"],
    "price_min": 120,
    "price_max": 260,
    "region": "湖南-长沙",
}
DEMAND: Final[dict[str, Any]] = {
    "title": "烧结机头烟气脱硝效率低",
    "problem": "机头烟气只有160 ℃左右，现有催化剂要加热才能用，煤气消耗大，氨逃逸也偏高。",
    "indicators": "170 ℃以下脱硝效率≥90%，氨逃逸≤3 mg/m³，催化剂寿命三年以上。",
    "goal": "改造一台360平方米烧结机，取消烟气加热炉，一年内稳定达标。",
    "keywords": ["烟气脱硝", "低温催化剂"],
    "field": "资源与环境",
    "industry": "制造业",
    "region": "河北-唐山",
    "solution_mode": "合作研发",
    "maturity_min": 6,
    "budget": 500,
    "deadline": "2027-12-31",
    "organisation": "滦川钢铁有限公司（示例）",
    "contact": "孟经理（示例）",
    "phone": "000-00000000",
    "confidentiality": "brokers",
}
RESOURCE: Final[dict[str, Any]] = {
    "kind": "pilot",
    "title": "催化材料中试平台（示例）",
    "summary": "吨级催化剂成型、焙烧与评价线，可做万小时寿命考核，已服务二十余个项目。",
    "keywords": ["催化剂", "成型", "寿命评价"],
    "provider": "云麓新材料中试基地（示例）",
    "services": ["中试放大", "性能评价"],
    "equipment": ["挤出成型机", "网带焙烧窑"],
    "scale": "年产 200 吨",
    "fields": ["新材料", "资源与环境"],
    "region": "湖南-长沙",
    "maturity_min": 4,
    "maturity_max": 7,
}
