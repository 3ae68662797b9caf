package io.runnel.topology;

import java.util.List;

/** A piece of a YAML file, as written, with its place. */
sealed interface YamlNode {
    Mark at();

    /**
     * A scalar, before anybody says what it means.
     *
     * @param empty whether nothing was written, or null was
     */
    record Text(Mark at, String value, boolean empty) implements YamlNode {}

    /** A sequence. */
    record Items(Mark at, List<YamlNode> items) implements YamlNode {}

    /** A mapping, with the keys as often as they were written. */
    record Entries(Mark at, List<Entry> entries) implements YamlNode {}

    /** A key with its value. */
    record Entry(Text key, YamlNode value) {}

    /** What was refused and told already: to be passed over in silence. */
    record Broken(Mark at) implements YamlNode {}

    /** What it is, for messages. */
    default String kind() {
        return switch (this) {
            case Text text -> text.empty() ? "nothing" : "a single value";
            case Items _ -> "a list";
            case Entries _ -> "a mapping";
            case Broken _ -> "unreadable";
        };
    }
}
