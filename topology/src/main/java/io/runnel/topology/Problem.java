package io.runnel.topology;

/**
 * One mistake in a topology file.
 *
 * @param line from 1; 0 if it concerns the file as a whole
 * @param column from 1, in characters; 0 if it concerns the file as a whole
 * @param path where in the tree, as {@code pops[1].slots}; empty for the root
 * @param message subject, value and rule, in one line
 */
public record Problem(int line, int column, String path, String message) {
    /** {@code 12:9: slots must be 1 to 10000: -3 (pops[1].slots)}. */
    @Override
    public String toString() {
        String place = line == 0 ? "" : line + ":" + column + ": ";
        return place + message + (path.isEmpty() ? "" : " (" + path + ")");
    }
}
