"""The people of the demo: all made up. Telephone numbers are from the range kept free for fiction."""

GROUPS = (
    {"name": "Hillside Mutual Aid", "handle": "ada", "at": (51.449, -2.600), "phone": "0117 496 0001"},
    {"name": "Riverside Neighbours", "handle": "bo", "at": (51.444, -2.560), "phone": "0117 496 0002"},
    {"name": "Old Town Aid", "handle": "cem", "at": (51.463, -2.615), "phone": "0117 496 0003"},
)
HOURS = "every day 9 to 18"
PASSWORD = "correct horse made up"  # noqa: S105 - printed by the demo for everybody to use

# (name, phone, address, what is needed, urgency, notes, others may see it) - one list for each group
CALLERS = (
    (
        ("Mrs Example One", "07700 900101", "1 Sample Street", "groceries", "today", "two bags, milk", True),
        ("Mr Example Two", "07700 900102", "22 Sample Street", "dog_walking", "this_week", "small dog", True),
        ("Ms Example Three", "07700 900103", "3 Specimen Road", "lift", "this_week", "to the library", False),
        ("Mx Example Four", "07700 900104", "4 Specimen Road", "medical_lift", "today", "eye clinic", True),
    ),
    (
        ("Mrs Pattern One", "07700 900201", "5 Pattern Lane", "cooked_meal", "today", "no nuts", True),
        ("Mr Pattern Two", "07700 900202", "6 Pattern Lane", "tech_help", "whenever", "new telephone", True),
        (
            "Ms Pattern Three",
            "07700 900203",
            "7 Pattern Lane",
            "childcare",
            "this_week",
            "two children",
            True,
        ),
    ),
    (
        ("Mrs Model One", "07700 900301", "8 Model Court", "gardening", "whenever", "one hedge", True),
        (
            "Mr Model Two",
            "07700 900302",
            "9 Model Court",
            "furniture",
            "this_week",
            "a bed, second floor",
            True,
        ),
        ("Ms Model Three", "07700 900303", "10 Model Court", "phone_call", "this_week", "likes chess", True),
    ),
)

# (name, phone, abilities, takes, transport, radius in km) - one list for each group
VOLUNTEERS = (
    (
        (
            "Volunteer Amber",
            "07700 900111",
            ("groceries", "dog_walking", "lift"),
            ("car", "heavy"),
            "car",
            6.0,
        ),
        ("Volunteer Basil", "07700 900112", ("groceries", "delivery"), ("stairs",), "bike", 4.0),
        ("Volunteer Cedar", "07700 900113", ("dog_walking", "phone_call"), ("pets",), "foot", 2.0),
    ),
    (
        ("Volunteer Dill", "07700 900211", ("cooked_meal", "groceries"), ("cooking",), "foot", 3.0),
        ("Volunteer Elder", "07700 900212", ("tech_help", "forms"), (), "public", 8.0),
    ),
    (
        (
            "Volunteer Fern",
            "07700 900311",
            ("gardening", "furniture"),
            ("tools", "heavy", "van"),
            "van",
            10.0,
        ),
        ("Volunteer Ginger", "07700 900312", ("phone_call", "visit"), (), "foot", 5.0),
    ),
)
