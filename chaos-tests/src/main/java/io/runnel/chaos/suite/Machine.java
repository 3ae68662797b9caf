package io.runnel.chaos.suite;

import com.fasterxml.jackson.databind.JsonNode;

import java.net.URI;
import java.util.List;

/**
 * A machine with nodes of the network, and what can be done to them there. One thread at a time.
 */
interface Machine {
    /**
     * A node, as its supervisor shows it.
     *
     * @param pid of its process; 0 if it has none
     */
    record Node(String name, boolean isPop, String state, URI url, long pid) {
        /** As supervisors and {@code status} write it, but for what they name differently. */
        static Node of(JsonNode written, String state, String url) {
            return new Node(
                    written.path("node").asText(),
                    written.path("role").asText().equals("pop"),
                    state,
                    URI.create(url),
                    written.path("pid").asLong(0));
        }

        boolean isReady() {
            return state.equals("ready");
        }
    }

    /**
     * Asks for all of them.
     *
     * @throws NetworkException if no supervisor answers
     */
    List<Node> nodes();

    /**
     * Sends a signal to a node's process; done when it has ended, if it is killed.
     *
     * @return whether it has a process
     */
    boolean signal(Node node, Signal signal);

    /** Ends it, and keeps it ended. */
    void stop(String node);

    /** Starts it; done when it is ready. */
    void start(String node);
}
