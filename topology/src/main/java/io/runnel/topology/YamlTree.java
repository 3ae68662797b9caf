package io.runnel.topology;

import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Builds the tree of a file from the parser's events: one by one, so that nothing is expanded,
 * constructed or nested further than the limits allow. Anchors, aliases and tags, which a topology
 * has no use for and attackers do, are refused.
 */
final class YamlTree {
    /** Three times what a topology needs. */
    static final int MOST_DEPTH = 16;

    /** The most POPs and links that are allowed, with everything said, take two thirds of it. */
    static final int MOST_NODES = 150_000;

    private final Problems problems;
    private final Iterator<Event> events;
    private int nodes;

    private YamlTree(String text, Problems problems) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(TopologyReader.MOST_BYTES);
        this.events = new Yaml(options).parse(new StringReader(text)).iterator();
        this.problems = problems;
    }

    /** The root, or empty if there is none or the text ends in a mistake that hides the rest. */
    static Optional<YamlNode> parse(String text, Problems problems) {
        try {
            return new YamlTree(text, problems).root();
        } catch (StopException e) {
            problems.add(e.at, "", e.getMessage());
        } catch (MarkedYAMLException e) {
            problems.add(mark(e.getProblemMark()), "", syntax(e.getProblem()));
        } catch (YAMLException e) {
            problems.add(Mark.WHOLE, "", syntax(e.getMessage()));
        }
        return Optional.empty();
    }

    private Optional<YamlNode> root() {
        events.next(); // the stream's start
        if (events.next().is(Event.ID.StreamEnd)) {
            return Optional.empty();
        }
        YamlNode root = node(events.next(), 1);
        events.next(); // the document's end
        Event next = events.next();
        if (!next.is(Event.ID.StreamEnd)) {
            throw new StopException(mark(next.getStartMark()), "there must be one document only");
        }
        return Optional.of(root);
    }

    private YamlNode node(Event event, int depth) {
        Mark at = mark(event.getStartMark());
        requireWithinLimits(at, depth);
        if (event instanceof AliasEvent alias) {
            return broken(at, "alias", "*" + alias.getAnchor());
        }
        if (event instanceof NodeEvent named && named.getAnchor() != null) {
            broken(at, "anchor", "&" + named.getAnchor());
        }
        if (event instanceof ScalarEvent scalar) {
            return scalar.getTag() == null ? text(at, scalar) : broken(at, "tag", scalar.getTag());
        }
        if (event instanceof CollectionStartEvent start && start.getTag() != null) {
            broken(at, "tag", start.getTag());
        }
        return event.is(Event.ID.SequenceStart) ? items(at, depth) : entries(at, depth);
    }

    private YamlNode items(Mark at, int depth) {
        List<YamlNode> items = new ArrayList<>();
        for (Event e = events.next(); !e.is(Event.ID.SequenceEnd); e = events.next()) {
            items.add(node(e, depth + 1));
        }
        return new YamlNode.Items(at, items);
    }

    private YamlNode entries(Mark at, int depth) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        for (Event e = events.next(); !e.is(Event.ID.MappingEnd); e = events.next()) {
            YamlNode key = node(e, depth + 1);
            YamlNode value = node(events.next(), depth + 1);
            if (key instanceof YamlNode.Text text) {
                entries.add(new YamlNode.Entry(text, value));
            } else if (!(key instanceof YamlNode.Broken)) {
                problems.add(key.at(), "", "a key must be a single word: it is " + key.kind());
            }
        }
        return new YamlNode.Entries(at, entries);
    }

    private void requireWithinLimits(Mark at, int depth) {
        if (depth > MOST_DEPTH) {
            throw new StopException(
                    at, "nested too deeply: %d levels at most".formatted(MOST_DEPTH));
        }
        if (++nodes > MOST_NODES) {
            throw new StopException(at, "too many values: %d at most".formatted(MOST_NODES));
        }
    }

    private YamlNode.Broken broken(Mark at, String what, String value) {
        problems.add(
                at,
                "",
                "a topology has no %s: '%s'; write the value itself"
                        .formatted(what, Shown.text(value)));
        return new YamlNode.Broken(at);
    }

    private static YamlNode.Text text(Mark at, ScalarEvent scalar) {
        String value = scalar.getValue();
        boolean plain = scalar.getScalarStyle() == ScalarStyle.PLAIN;
        boolean empty =
                plain && (value.isEmpty() || value.equals("~") || value.equalsIgnoreCase("null"));
        return new YamlNode.Text(at, value, empty);
    }

    private static Mark mark(org.yaml.snakeyaml.error.Mark mark) {
        return mark == null ? Mark.WHOLE : new Mark(mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static String syntax(String problem) {
        return problem != null && problem.contains("(TAB)")
                ? "a tab cannot indent in YAML: use spaces"
                : "not YAML: " + Shown.line(problem);
    }

    /** A mistake after which the rest cannot be read. */
    private static final class StopException extends RuntimeException {
        @java.io.Serial private static final long serialVersionUID = 1L;

        private final transient Mark at;

        StopException(Mark at, String message) {
            super(message);
            this.at = at;
        }
    }
}
