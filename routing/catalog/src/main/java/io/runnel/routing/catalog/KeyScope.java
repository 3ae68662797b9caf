package io.runnel.routing.catalog;

import java.util.Locale;

/** What a key may be used for. */
public enum KeyScope {
    /** To call tasks. */
    INVOKE,
    /** To read and change tasks, with their versions, secrets, grants and logs. */
    DEPLOY,
    /** To read and change the account itself: its keys, its requirements, its bill. */
    ADMIN;

    /** As it stands in JSON: {@code invoke}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a label.
     *
     * @throws IllegalArgumentException if there is none such
     */
    public static KeyScope parse(String label) {
        for (KeyScope scope : values()) {
            if (scope.label().equals(label)) {
                return scope;
            }
        }
        throw new IllegalArgumentException("scope must be invoke, deploy or admin");
    }
}
