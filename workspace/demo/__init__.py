"""Demo data: a coffee-machine shop with 24 months of history, the same for the same seed and day.

Three stories are planted, for the pages of insight to find: in one month deliveries came late (DELAYED_MONTHS_AGO),
customers who bought through the marketplace are unhappy, and the spring campaign on social media sells.
"""
