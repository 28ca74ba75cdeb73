"""Whole files in and out: spreadsheets, full exports, backups."""
