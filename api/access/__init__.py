"""Who calls, whether that is allowed, and what every route has at hand."""
