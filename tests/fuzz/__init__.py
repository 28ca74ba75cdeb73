"""Messages that nobody should take, made from messages that everybody takes. Run by ``script/fuzz``; not tests of their
own."""
