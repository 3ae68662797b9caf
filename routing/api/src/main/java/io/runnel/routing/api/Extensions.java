package io.runnel.routing.api;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The fields of a document that are Runnel's, and where each may stand. */
final class Extensions {
    static final String PREFIX = "x-runnel-";

    static final String TASK = "x-runnel-task";
    static final String TIMEOUT = "x-runnel-timeout";
    static final String MOST_BODY = "x-runnel-max-body";
    static final String THROTTLE = "x-runnel-throttle";
    static final String CACHE = "x-runnel-cache";
    static final String PARAMETERS = "x-runnel-parameters";
    static final String CORS = "x-runnel-cors";
    static final String WEBHOOK = "x-runnel-webhook";

    /** Of a path item; those of an operation and of the root have them too. */
    private static final Set<String> ANYWHERE =
            Set.of(TASK, TIMEOUT, MOST_BODY, THROTTLE, CACHE, PARAMETERS);

    private Extensions() {}

    static void checkRoot(Place root, Set<String> fields) throws ApiDocumentException {
        check(root, fields, with(CORS));
    }

    static void checkPathItem(Place item, Set<String> fields) throws ApiDocumentException {
        check(item, fields, ANYWHERE);
    }

    static void checkOperation(Place operation, Set<String> fields) throws ApiDocumentException {
        check(operation, fields, with(WEBHOOK));
    }

    /** Where none may stand, and any other field. */
    static void checkNone(Place place) throws ApiDocumentException {
        for (Map.Entry<String, Place> field : place.fields().entrySet()) {
            if (isOurs(field.getKey())) {
                throw unknown(field.getValue(), Set.of());
            }
        }
    }

    private static Set<String> with(String more) {
        Set<String> all = new TreeSet<>(ANYWHERE);
        all.add(more);
        return all;
    }

    private static void check(Place place, Set<String> fields, Set<String> extensions)
            throws ApiDocumentException {
        for (Map.Entry<String, Place> field : place.fields().entrySet()) {
            String name = field.getKey();
            if (isOurs(name)) {
                if (!extensions.contains(name)) {
                    throw unknown(field.getValue(), extensions);
                }
            } else if (!name.startsWith("x-") && !fields.contains(name)) {
                throw field.getValue().flaw("is no field that OpenAPI 3.1 knows here");
            }
        }
    }

    private static ApiDocumentException unknown(Place field, Set<String> known) {
        return field.flaw(
                known.isEmpty()
                        ? "is not known here"
                        : "is not known here; known are "
                                + String.join(", ", new TreeSet<>(known)));
    }

    /** Whether a field is Runnel's: a slip in the case of letters must not pass either. */
    static boolean isOurs(String name) {
        return name.toLowerCase(Locale.ROOT).startsWith(PREFIX);
    }
}
