"""What station, server and screens say to each other, and what an entry of the ledger is."""
