package io.runnel.topology;

/** A place in a file; line and column count from 1. */
record Mark(int line, int column) implements Comparable<Mark> {
    /** The file as a whole. */
    static final Mark WHOLE = new Mark(0, 0);

    @Override
    public int compareTo(Mark other) {
        return line != other.line
                ? Integer.compare(line, other.line)
                : Integer.compare(column, other.column);
    }

    @Override
    public String toString() {
        return line + ":" + column;
    }
}
