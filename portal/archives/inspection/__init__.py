"""Four-property checks (四性检测, DA/T 70-2018): authenticity, completeness, usability, safety."""
