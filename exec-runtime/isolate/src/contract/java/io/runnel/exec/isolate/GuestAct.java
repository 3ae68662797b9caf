package io.runnel.exec.isolate;

/** What the guests of {@link TaskRuntimeContract} do. Each runtime brings code for each. */
public enum GuestAct {
    /** Writes {@code hello} and ends. */
    HELLO,
    /** Ends with exit code 3. */
    EXIT_3,
    /** Writes what it reads until there is no more. */
    ECHO,
    /** Writes {@code note} to its log. */
    LOG,
    /** Writes its environment, one {@code NAME=VALUE} a line, in any order. */
    ENVIRONMENT,
    /** Writes its arguments, one a line. */
    ARGUMENTS,
    /** Writes a digit that says how often it ran in this memory, these globals, this table. */
    REMEMBER,
    /**
     * As {@link #REMEMBER}, if it may: running twice in the same memory does it no harm. Its digits
     * go up to 9.
     */
    COUNT,
    /** Writes a dot, then counts for ever. */
    SPIN,
    /** Writes a dot, then sleeps for an hour. */
    SLEEP,
    /** Writes a dot, then reads for ever. */
    READ_ON,
    /** Does what its machine forbids. */
    TRAP,
    /** Calls itself for ever. */
    RECURSE,
    /** Asks for more memory until it is refused, then uses what it did not get. */
    GROW,
    /** Writes for ever. */
    FLOOD
}
