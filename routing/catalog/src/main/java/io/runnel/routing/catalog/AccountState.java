package io.runnel.routing.catalog;

import java.util.Locale;

/** What an account may do. */
public enum AccountState {
    /** All that it may. */
    ACTIVE,
    /** Nothing: its tasks are called by nobody and its keys open nothing, until it is resumed. */
    SUSPENDED,
    /** Nothing any more; its name is not given again. */
    CLOSED;

    /** As it stands in JSON: {@code active}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a label.
     *
     * @throws IllegalArgumentException if there is none such
     */
    public static AccountState parse(String label) {
        for (AccountState state : values()) {
            if (state.label().equals(label)) {
                return state;
            }
        }
        throw new IllegalArgumentException("state must be active, suspended or closed");
    }
}
