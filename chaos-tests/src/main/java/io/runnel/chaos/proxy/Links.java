package io.runnel.chaos.proxy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/** All links of a fault proxy, by name. Safe for any thread: one change at a time. */
final class Links {
    private static final int MOST_LINKS = 256;
    private static final int MOST_TOXICS = 64;

    private final long seed;
    private final LongSupplier nanoClock;
    private final Map<String, Link> links = new TreeMap<>();

    Links(long seed, LongSupplier nanoClock) {
        this.seed = seed;
        this.nanoClock = nanoClock;
    }

    synchronized List<Link> all() {
        return List.copyOf(links.values());
    }

    synchronized Link get(String name) throws ApiException {
        Link link = links.get(name);
        if (link == null) {
            throw new ApiException(ApiException.Code.NOT_FOUND, "proxy not found: " + name);
        }
        return link;
    }

    synchronized Link create(LinkSettings settings) throws ApiException {
        if (links.containsKey(settings.name())) {
            throw new ApiException(
                    ApiException.Code.CONFLICT, "proxy already exists: " + settings.name());
        }
        if (links.size() >= MOST_LINKS) {
            throw new ApiException(
                    ApiException.Code.BAD_REQUEST, "more than %d proxies".formatted(MOST_LINKS));
        }
        Link link = new Link(settings, seed, nanoClock);
        link.start();
        links.put(settings.name(), link);
        return link;
    }

    /**
     * Those of these that lead where they should already stay, with their toxics; the others are
     * made, in the old ones' place.
     */
    synchronized List<Link> populate(List<LinkSettings> wanted) throws ApiException {
        List<Link> made = new ArrayList<>();
        for (LinkSettings settings : wanted) {
            Link link = links.get(settings.name());
            if (link == null) {
                made.add(create(settings));
            } else {
                if (!link.settings().leadsAs(settings)) {
                    link.apply(List.of());
                }
                link.change(settings);
                made.add(link);
            }
        }
        return made;
    }

    synchronized Link change(LinkSettings settings) throws ApiException {
        Link link = get(settings.name());
        link.change(settings);
        return link;
    }

    synchronized void delete(String name) throws ApiException {
        get(name).stop();
        links.remove(name);
    }

    synchronized Toxic toxic(String link, String name) throws ApiException {
        return get(link).toxics().stream()
                .filter(toxic -> toxic.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () ->
                                new ApiException(
                                        ApiException.Code.NOT_FOUND, "toxic not found: " + name));
    }

    synchronized void addToxic(String name, Toxic toxic) throws ApiException {
        Link link = get(name);
        if (link.toxics().stream().anyMatch(other -> other.name().equals(toxic.name()))) {
            throw new ApiException(
                    ApiException.Code.CONFLICT, "toxic already exists: " + toxic.name());
        }
        if (link.toxics().size() >= MOST_TOXICS) {
            throw new ApiException(
                    ApiException.Code.BAD_REQUEST,
                    "more than %d toxics on %s".formatted(MOST_TOXICS, name));
        }
        link.apply(Link.with(link.toxics(), toxic));
    }

    synchronized void changeToxic(String name, Toxic toxic) throws ApiException {
        toxic(name, toxic.name());
        Link link = get(name);
        link.apply(Link.with(link.toxics(), toxic));
    }

    synchronized void deleteToxic(String name, String toxic) throws ApiException {
        Toxic gone = toxic(name, toxic);
        Link link = get(name);
        link.apply(link.toxics().stream().filter(other -> !other.equals(gone)).toList());
    }

    /** No toxics, every link enabled. */
    synchronized void reset() throws ApiException {
        for (Link link : links.values()) {
            link.apply(List.of());
            link.change(link.settings().withEnabled(true));
        }
    }

    synchronized void close() {
        links.values().forEach(Link::stop);
        links.clear();
    }
}
