package io.runnel.attestation.document;

import java.util.Arrays;
import java.util.Base64;

/** The compact form of what is signed (RFC 7515, section 7.1): parts in base64url, with dots. */
public final class CompactForm {
    private CompactForm() {}

    /**
     * Whether each part is written in the one way to write its bytes. Libraries pass over what is
     * no base64url, and the last letter of a part may have bits that mean nothing: such a text is
     * another one with the same signature.
     *
     * @param text hostile
     */
    public static boolean isTheOneWay(String text) {
        return Arrays.stream(text.split("\\.", -1)).allMatch(CompactForm::isWhole);
    }

    private static boolean isWhole(String part) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(part);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
