"""What the policy is: schemes, calendars, time zone and sample settings, and the code that reads and checks them."""
