"""Customers from files: what the columns mean, what a row says, whose row it is, and how a batch is stored."""
