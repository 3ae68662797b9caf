package io.runnel.exec.http;

/**
 * What went wrong, as the outside sees it: the {@code code}, {@code status} and {@code title} of a
 * problem document. Implemented by enums.
 */
public interface ProblemCode {
    /** In lower case, with dashes: a promise to users. */
    String label();

    /** The HTTP status. */
    int status();

    /** One sentence for people, the same for every occurrence. */
    String title();
}
