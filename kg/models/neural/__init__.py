"""Neural recognisers behind ``Proposer``: CAMeL's, or any token classifier in a local folder."""
