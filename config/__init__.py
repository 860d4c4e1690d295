"""What the policy is: schemes, calendars, time zone, sample settings, and the code that checks them."""
