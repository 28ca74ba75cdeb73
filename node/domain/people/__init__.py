"""Who somebody is to the group: journeys, newcomers, doubles, street teams, what is shown of them."""
