package io.runnel.exec.node;

import io.runnel.exec.task.NodeName;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a node is told when it is started: {@code --data DIR --node NAME [--no-lifeline]
 * [--takes-over]}.
 *
 * @param data the network's data folder on this machine
 * @param node which node of the topology this process is
 * @param lifeline whether the process ends when its standard input does
 * @param takesOver whether another process of the node serves until this one does
 */
public record NodeArguments(Path data, NodeName node, boolean lifeline, boolean takesOver) {
    private static final String USAGE =
            "usage: --data DIR --node NAME [--no-lifeline] [--takes-over]";

    /**
     * Reads a command line.
     *
     * @throws IllegalArgumentException if it is not of this form; the message says what is wrong
     */
    public static NodeArguments parse(List<String> arguments) {
        Optional<Path> data = Optional.empty();
        Optional<NodeName> node = Optional.empty();
        boolean lifeline = true;
        boolean takesOver = false;
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            switch (argument) {
                case "--data" -> data = Optional.of(Path.of(value(arguments, ++i, argument)));
                case "--node" -> node = Optional.of(new NodeName(value(arguments, ++i, argument)));
                case "--no-lifeline" -> lifeline = false;
                case "--takes-over" -> takesOver = true;
                default -> throw new IllegalArgumentException(argument + " is unknown; " + USAGE);
            }
        }
        return new NodeArguments(
                data.orElseThrow(() -> missing("--data")),
                node.orElseThrow(() -> missing("--node")),
                lifeline,
                takesOver);
    }

    private static String value(List<String> arguments, int at, String option) {
        if (at >= arguments.size()) {
            throw missing(option);
        }
        return arguments.get(at);
    }

    private static IllegalArgumentException missing(String option) {
        return new IllegalArgumentException(option + " needs a value; " + USAGE);
    }

    /** The folders and files of this node. */
    public NodeFolder folder() {
        return new NodeFolder(data, node);
    }
}
