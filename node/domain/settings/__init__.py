"""What a group sets: kinds, texts, questions, rules' presets, the starter kit, help nearby."""
