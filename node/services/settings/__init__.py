"""What the group decided about itself: kinds of help, rules, words, questions, its starter kit."""
