package io.runnel.attestation.join;

/** What a POP shows so that its new key is certified. */
public sealed interface JoinProof {
    /**
     * A token that was made for it.
     *
     * @param text as {@link JoinToken#read} reads it
     */
    record Token(String text) implements JoinProof {
        /** Says nothing of the token. */
        @Override
        public String toString() {
            return "Token(secret)";
        }
    }

    /**
     * A document that its key of before signed, for the authority, with its nonce and {@link
     * JoinRequest#NEXT_KEY} among the facts.
     */
    record Document(String jwt) implements JoinProof {}
}
