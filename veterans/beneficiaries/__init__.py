"""The register of those whom veterans' support is for, and of those who act for them."""
