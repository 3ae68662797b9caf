package io.runnel.routing.api;

/** A document says what no API can be. */
public final class ApiDocumentException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String pointer;

    /**
     * One flaw.
     *
     * @param pointer where, as a JSON pointer (RFC 6901)
     * @param text what is wrong there, for the owner's eyes
     */
    public ApiDocumentException(String pointer, String text) {
        super(text);
        this.pointer = pointer;
    }

    /** Where in the document, as a JSON pointer. */
    public String pointer() {
        return pointer;
    }
}
