"""Proposals of delegates to the workers' congress (职代会提案)."""
