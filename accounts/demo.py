"""The logins of the demo data, shown on the login page and by `make run` while DEMO is on. Imports no Django."""

PASSWORD = "kundenpfad"  # noqa: S105 (a demo's; `seed_demo` fills empty databases only)
# user name: role
LOGINS = {
    "admin": "administrator",
    "clara": "customer_success",
    "tarik": "team_lead",
    "sophie": "service_agent",
    "anna": "analyst",
}
