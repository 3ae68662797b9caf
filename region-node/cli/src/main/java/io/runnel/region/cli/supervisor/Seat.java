package io.runnel.region.cli.supervisor;

/**
 * Of a node's processes there are two while one takes over from the other. What each needs for
 * itself it has in its seat; the next one takes the other seat.
 */
enum Seat {
    FIRST("node.pid", "tmp"),
    SECOND("node.2.pid", "tmp.2");

    private final String pidFile;
    private final String tempFolder;

    Seat(String pidFile, String tempFolder) {
        this.pidFile = pidFile;
        this.tempFolder = tempFolder;
    }

    String pidFile() {
        return pidFile;
    }

    String tempFolder() {
        return tempFolder;
    }

    Seat other() {
        return this == FIRST ? SECOND : FIRST;
    }
}
