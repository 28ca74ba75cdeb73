"""What leaves the group in public: statements, their keys and epochs, the second yes."""
