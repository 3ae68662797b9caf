package io.runnel.chaos.suite;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Reads by what a fault shows that it was there. */
final class BiteReader {
    private static final Set<String> KEYS =
            Set.of("calls", "slower", "elsewhere", "failed", "link", "did", "times");
    private static final Set<String> OF_LINKS = Set.of("link", "did", "times");

    private BiteReader() {}

    /**
     * At least one, unless there are others.
     *
     * @param stream checks the name of a stream of calls
     * @param others whether what is broken shows itself by something else
     */
    static List<Bite> read(Fields root, Function<String, String> stream, boolean others) {
        List<Bite> bites = new ArrayList<>();
        for (Fields written : root.mappings("bites", KEYS)) {
            bites.add(written.has("link") ? ofLink(written) : ofCalls(written, stream));
        }
        if (bites.isEmpty() && !others) {
            throw root.wrong("'bites' names at least one sign that the fault was there");
        }
        return bites;
    }

    private static Bite ofLink(Fields written) {
        if (!OF_LINKS.equals(written.keys())) {
            throw written.wrong("a link's sign has link, did and times");
        }
        return new Bite.Counted(
                written.required("link", LinkName::parse),
                written.required("did", BiteReader::did),
                written.required("times", BiteReader::positive));
    }

    private static String did(String text) {
        return text.equals(ProxyActs.CUT) || text.equals(LinkLoss.LOSS)
                ? text
                : Steps.toxicType(text);
    }

    private static long positive(String text) {
        long count = Texts.count(text);
        if (count == 0) {
            throw new IllegalArgumentException("nothing is no sign: '0'");
        }
        return count;
    }

    private static Bite ofCalls(Fields written, Function<String, String> stream) {
        Set<String> signs = new HashSet<>(written.keys());
        signs.remove("calls");
        if (signs.size() != 1) {
            throw written.wrong("calls show one sign: they have %d".formatted(signs.size()));
        }
        String name = written.required("calls", stream);
        String sign = signs.iterator().next();
        return switch (sign) {
            case "slower" -> new Bite.Slower(name, written.required(sign, Texts::positive));
            case "elsewhere" -> new Bite.Elsewhere(name, written.required(sign, Texts::share));
            case "failed" -> new Bite.Failed(name, written.required(sign, BiteReader::positive));
            default -> throw written.wrong(sign, "calls have no '%s'".formatted(sign));
        };
    }
}
