package io.runnel.routing.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which schemas are about the same value as another: what stands in {@code allOf} and its like, and
 * what {@code $ref} leads to. Among these there must be no circle, which no value would ever end;
 * they must not be too deep, and not too many when each is counted as often as it is come to. What
 * circles through a value's fields and elements is well: the value ends it. One thread.
 */
final class SchemaGraph {
    /** How deep such schemas may be within each other, references included. */
    static final int MOST_DEEP = References.MOST_DEEP;

    /** The most looks that a schema may take at one value. */
    static final int MOST_LOOKS = 10_000;

    private final List<Node> all = new ArrayList<>();
    private final Map<String, Node> named = new HashMap<>();

    /** A schema. */
    static final class Node {
        private final Place place;
        private final List<Node> within = new ArrayList<>();
        private final List<String> references = new ArrayList<>();
        private State state = State.NEW;
        private int deep;
        private int looks;

        private Node(Place place) {
            this.place = place;
        }
    }

    /** How far a node was looked at. */
    private enum State {
        /** Not yet. */
        NEW,
        /** What it leads to is being looked at. */
        OPEN,
        /** What it takes is known. */
        DONE
    }

    /** A schema that references may lead to. */
    Node node(String id, Place place) {
        Node node = apart(place);
        named.put(id, node);
        return node;
    }

    /** A schema that is about another value than the one it stands in. */
    Node apart(Place place) {
        Node node = new Node(place);
        all.add(node);
        return node;
    }

    /** A schema that is about the same value as the one it stands in. */
    Node within(Node outer, Place place) {
        Node node = apart(place);
        outer.within.add(node);
        return node;
    }

    void refer(Node from, String id) {
        from.references.add(id);
    }

    /** Refuses circles, and what is too deep or too much. */
    void check() throws ApiDocumentException {
        for (Node node : all) {
            visit(node);
        }
    }

    private void visit(Node node) throws ApiDocumentException {
        if (node.state == State.DONE) {
            return;
        }
        if (node.state == State.OPEN) {
            throw node.place.flaw("leads back to itself about one and the same value");
        }
        node.state = State.OPEN;
        List<Node> next = new ArrayList<>(node.within);
        node.references.forEach(id -> next.add(named.get(id)));
        node.looks = 1;
        for (Node inner : next) {
            visit(inner);
            node.deep = Math.max(node.deep, 1 + inner.deep);
            node.looks += inner.looks;
            if (node.looks > MOST_LOOKS) {
                throw node.place.flaw(
                        "takes more than %d looks at one value".formatted(MOST_LOOKS));
            }
        }
        if (node.deep > MOST_DEEP) {
            throw node.place.flaw(
                    "leads over more than %d schemas about one value".formatted(MOST_DEEP));
        }
        node.state = State.DONE;
    }
}
