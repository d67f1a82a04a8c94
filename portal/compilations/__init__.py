"""Topical compilations (专题汇编): pages that list records of the archive, section by section."""
