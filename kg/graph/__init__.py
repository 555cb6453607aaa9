"""The corpus graph. What the command line and the page call:

    from kg.graph.resolve import Background          # Background.of(load_lexicon())
    from kg.graph.folder import GraphFolder          # the folder of `kg build --out DIR`
        with GraphFolder.open(path) as folder:                       read_only=True to look at it only
            folder.is_current(document, version)                     skip what has not changed
            folder.add(analysis, background)                         -> DocumentGraph; one transaction
            folder.remove(document_id); folder.document(id); folder.documents()
            folder.finish()                     after add, remove, judge: unites entities, marks copies of one wire
                                                text, compacts, writes graph.trig, search.db and merges.tsv
            folder.resolution()                 -> Corpus, Resolution: which ids are one entity, and why
            folder.find(text, limit=20)         -> list[Hit(iri, kind, type, text, article)], names before evidence
            folder.store                                             -> GraphStore
    from kg.graph.review import proposals, judge     # pairs to decide with evidence; judge(folder, [Judgement(...)])
    from kg.graph.store import GraphStore            # GraphStore.open(path), .memory()
        store.write(document_graph); store.remove(id); len(store); store.articles()
        store.nquads()   canonical bytes;  store.trig();  store.dataset()   rdflib
    from kg.graph.network import network, Slice      # network(store, Slice(since=...)) -> networkx.MultiDiGraph
    from kg.graph.analysis import ego, shortest_path, credible_path, centrality, communities, brokers    # of a network
    from kg.graph.records import read_articles, read_entities        # records, without SPARQL
    from kg.graph.query import ask                   # ask(store, sparql) -> Answer: .headings() .texts() .json()
                                                     #   .csv() .tsv() .turtle(); raises QueryError
    from kg.graph.questions import questions, question, answer
        questions()                                  # name -> Question(question_en, question_ar, parameters, text)
        answer(store, name, {"object": "ain-al-asad"})   # values as a user writes them
    from kg.graph.check import check                 # check(folder) -> list[Problem(node, article, what, fix)]
    from kg.graph.export import export, FORMATS      # export(store, "graphml", path) -> paths written

One article: ``assert_claims(analysis, resolve(analysis, background))`` is its DocumentGraph, and
``kg.graph.rdf.quads(document_graph)`` its quads. The folder keeps it (``kg.graph.lifted``) and lays over it what the
whole corpus decides (``kg.graph.unite``).

A query's default graph is kg:asserted (plain facts) and kg:entities (labels, types); what each article says is in
``GRAPH ?article { ... }``.
"""
