"""Help across groups: peers, letters, offers, referrals, tasks done for others."""
