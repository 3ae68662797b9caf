package io.runnel.attestation.document;

import java.util.List;

/** A document with its signature. Immutable. */
public final class SignedDocument {
    private final byte[] json;
    private final byte[] cms;
    private final List<Disclosure> disclosures;

    /**
     * As it is presented.
     *
     * @param json the text that is signed
     * @param cms the signature, detached, with the certificates of who signed (RFC 5652, in DER)
     * @param disclosures what opens facts that it withholds
     */
    public SignedDocument(byte[] json, byte[] cms, List<Disclosure> disclosures) {
        this.json = json.clone();
        this.cms = cms.clone();
        this.disclosures = List.copyOf(disclosures);
    }

    /** The text that is signed, to be handed on as it is. */
    public byte[] json() {
        return json.clone();
    }

    /** The signature. */
    public byte[] cms() {
        return cms.clone();
    }

    /** What opens the facts that it withholds: for its holder. */
    public List<Disclosure> disclosures() {
        return disclosures;
    }
}
