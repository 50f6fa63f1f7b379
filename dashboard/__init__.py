"""The dashboard: pages over `sim`, which only `dashboard.data` imports."""
