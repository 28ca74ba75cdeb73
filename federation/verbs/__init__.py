"""What may be asked, a module for each group of verbs. A verb gets a request whose signature holds
(``federation.answering.Asked``) and returns an answer that is signed for it.
"""
