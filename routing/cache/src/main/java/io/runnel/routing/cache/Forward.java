package io.runnel.routing.cache;

/** Why a request went on to the task, by the names of RFC 9211, section 2.2. */
public enum Forward {
    /** The cache does not handle such requests. */
    BYPASS("bypass"),
    /** The method's meaning is that it goes on. */
    METHOD("method"),
    /** Nothing is kept of this address. */
    URI_MISS("uri-miss"),
    /** Something is kept of this address, but by the answer's Vary for other requests. */
    VARY_MISS("vary-miss"),
    /** Something may be kept, but the request does not want it. */
    REQUEST("request"),
    /** What is kept is stale. */
    STALE("stale");

    private final String label;

    Forward(String label) {
        this.label = label;
    }

    /** As it stands in a Cache-Status header. */
    public String label() {
        return label;
    }
}
