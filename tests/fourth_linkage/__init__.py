"""A fourth linkage that nobody ordered: rest leave for those who served well. It proves that one folder is enough."""
