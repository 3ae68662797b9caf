package io.runnel.routing.api;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Follows {@code $ref} to what a document keeps under {@code components}: never anywhere else, so
 * that reading a document asks nobody for anything.
 */
final class References {
    static final String REF = "$ref";

    /** The most that lead from one to the next. */
    static final int MOST_DEEP = 16;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");

    private final Place root;

    References(Place root) {
        this.root = root;
    }

    /**
     * What a place stands for: itself, or what it leads to.
     *
     * @param section where that may be: {@code parameters}, {@code requestBodies} or {@code
     *     pathItems}
     */
    Place follow(Place from, String section) throws ApiDocumentException {
        Place place = from.requireObject();
        Set<String> seen = new HashSet<>();
        Optional<Place> ref = place.field(REF);
        while (ref.isPresent()) {
            Place next = target(ref.get(), section);
            if (!seen.add(next.pointer())) {
                throw ref.get().flaw("leads in a circle");
            }
            if (seen.size() > MOST_DEEP) {
                throw from.flaw("leads over more than %d references".formatted(MOST_DEEP));
            }
            place = next.requireObject();
            ref = place.field(REF);
        }
        return place;
    }

    private Place target(Place ref, String section) throws ApiDocumentException {
        String prefix = "#/components/%s/".formatted(section);
        String text = ref.text();
        String name = text.startsWith(prefix) ? text.substring(prefix.length()) : "";
        if (!NAME.matcher(name).matches()) {
            throw ref.flaw("must be %sNAME: nothing else is looked up".formatted(prefix));
        }
        return root.field("components")
                .flatMap(components -> components.field(section))
                .flatMap(all -> all.field(name))
                .orElseThrow(() -> ref.flaw("leads to nothing"));
    }
}
