package dev.cambium.maven;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

import org.apache.maven.model.Activation;
import org.apache.maven.model.ActivationOS;
import org.apache.maven.model.ActivationProperty;
import org.apache.maven.model.profile.DefaultProfileActivationContext;
import org.apache.maven.model.profile.DefaultProfileSelector;
import org.apache.maven.model.profile.activation.JdkVersionProfileActivator;
import org.apache.maven.model.profile.activation.OperatingSystemProfileActivator;
import org.apache.maven.model.profile.activation.PropertyProfileActivator;
import org.apache.maven.settings.Profile;
import org.apache.maven.settings.Repository;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsBuilderFactory;
import org.apache.maven.settings.building.DefaultSettingsBuildingRequest;
import org.apache.maven.settings.building.SettingsBuildingException;
import org.apache.maven.settings.crypto.DefaultSettingsDecrypter;
import org.apache.maven.settings.crypto.DefaultSettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.codehaus.plexus.util.xml.Xpp3Dom;
import org.eclipse.aether.ConfigurationProperties;
import org.eclipse.aether.RepositorySystemSession.SessionBuilder;
import org.eclipse.aether.repository.Proxy;
import org.eclipse.aether.repository.RemoteRepository;
import org.eclipse.aether.repository.RepositoryPolicy;
import org.eclipse.aether.util.repository.AuthenticationBuilder;
import org.eclipse.aether.util.repository.DefaultAuthenticationSelector;
import org.eclipse.aether.util.repository.DefaultMirrorSelector;
import org.eclipse.aether.util.repository.DefaultProxySelector;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;
import org.sonatype.plexus.components.sec.dispatcher.DefaultSecDispatcher;

import dev.cambium.CambiumException;

/**
 * What the user has told Maven, as Maven 3 reads it: {@code settings.xml} of the user and of the installation, merged, with
 * passwords decrypted.
 *
 * @param settings
 *            the merged settings
 * @param localRepository
 *            the folder of the local repository
 * @param environment
 *            system properties and, as {@code env.NAME}, environment variables
 */
record MavenSettings(Settings settings, Path localRepository, Properties environment) {
    private static final RemoteRepository CENTRAL = new RemoteRepository.Builder("central", "default",
            "https://repo.maven.apache.org/maven2")
                    .setSnapshotPolicy(new RepositoryPolicy(false, null, null)).build();

    /** Those of this process's user. */
    static MavenSettings ofUser() {
        Path folder = Path.of(System.getProperty("user.home"), ".m2");
        var environment = new Properties();
        System.getenv().forEach((name, value) -> environment.setProperty("env." + name, value));
        environment.putAll(System.getProperties());
        return read(folder, installation(System.getenv()).map(maven -> maven.resolve("conf/settings.xml")),
                environment);
    }

    /** The Maven that the user would start: {@code MAVEN_HOME}, or the one that {@code mvn} on the search path belongs to. */
    private static Optional<Path> installation(Map<String, String> environment) {
        Stream<Path> onPath = Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "mvn")).filter(Files::isExecutable).flatMap(MavenSettings::installedAt);
        return Stream.concat(Stream.ofNullable(environment.get("MAVEN_HOME")).map(Path::of), onPath).findFirst();
    }

    private static Stream<Path> installedAt(Path mvn) {
        try {
            return Stream.of(mvn.toRealPath().resolve("../..").normalize());
        } catch (IOException _) {
            return Stream.empty();
        }
    }

    /**
     * Reads the settings of a folder such as {@code ~/.m2}.
     *
     * @param installation
     *            the settings file of the Maven that is installed, if one is
     * @throws CambiumException
     *             if a file of settings is wrong
     */
    static MavenSettings read(Path folder, Optional<Path> installation, Properties environment) {
        var request = new DefaultSettingsBuildingRequest();
        request.setUserSettingsFile(folder.resolve("settings.xml").toFile());
        installation.ifPresent(file -> request.setGlobalSettingsFile(file.toFile()));
        request.setSystemProperties(environment);
        Settings settings;
        try {
            settings = new DefaultSettingsBuilderFactory().newInstance().build(request).getEffectiveSettings();
        } catch (SettingsBuildingException e) {
            throw new CambiumException("Maven's settings can't be read: %s; correct them"
                    .formatted(e.getProblems().getFirst().getMessage()), e);
        }
        String local = environment.getProperty("maven.repo.local", settings.getLocalRepository());
        return new MavenSettings(decrypted(settings, folder), local == null ? folder.resolve("repository")
                : Path.of(local), environment);
    }

    private static Settings decrypted(Settings settings, Path folder) {
        var dispatcher = new DefaultSecDispatcher(new DefaultPlexusCipher(), Map.of(),
                folder.resolve("settings-security.xml").toString());
        SettingsDecryptionResult result = new DefaultSettingsDecrypter(dispatcher)
                .decrypt(new DefaultSettingsDecryptionRequest(settings));
        settings.setServers(result.getServers());
        settings.setProxies(result.getProxies());
        return settings;
    }

    /** Maven Central and the repositories of the active profiles, which come first; mirrors not yet applied. */
    List<RemoteRepository> repositories() {
        var repositories = new ArrayList<RemoteRepository>();
        var selector = new DefaultProfileSelector().addProfileActivator(new JdkVersionProfileActivator())
                .addProfileActivator(new OperatingSystemProfileActivator())
                .addProfileActivator(new PropertyProfileActivator());
        var context = new DefaultProfileActivationContext().setActiveProfileIds(settings.getActiveProfiles())
                .setSystemProperties(environment);
        List<String> active = selector.getActiveProfiles(settings.getProfiles().stream().map(MavenSettings::model)
                .toList(), context, _ -> {}).stream().map(org.apache.maven.model.Profile::getId).toList();
        for (Profile profile : settings.getProfiles()) {
            if (active.contains(profile.getId())) {
                profile.getRepositories().stream().map(MavenSettings::remote).forEach(repositories::add);
            }
        }
        if (repositories.stream().noneMatch(repository -> repository.getId().equals(CENTRAL.getId()))) {
            repositories.add(CENTRAL);
        }
        return repositories;
    }

    /** What decides whether a profile is active. */
    private static org.apache.maven.model.Profile model(Profile profile) {
        var model = new org.apache.maven.model.Profile();
        model.setId(profile.getId());
        Optional.ofNullable(profile.getActivation()).ifPresent(from -> {
            var activation = new Activation();
            activation.setActiveByDefault(from.isActiveByDefault());
            activation.setJdk(from.getJdk());
            Optional.ofNullable(from.getOs()).ifPresent(os -> activation.setOs(model(os)));
            Optional.ofNullable(from.getProperty()).ifPresent(property -> activation.setProperty(model(property)));
            model.setActivation(activation);
        });
        return model;
    }

    private static ActivationOS model(org.apache.maven.settings.ActivationOS os) {
        var model = new ActivationOS();
        model.setName(os.getName());
        model.setFamily(os.getFamily());
        model.setArch(os.getArch());
        model.setVersion(os.getVersion());
        return model;
    }

    private static ActivationProperty model(org.apache.maven.settings.ActivationProperty property) {
        var model = new ActivationProperty();
        model.setName(property.getName());
        model.setValue(property.getValue());
        return model;
    }

    private static RemoteRepository remote(Repository repository) {
        return new RemoteRepository.Builder(repository.getId(), repository.getLayout(), repository.getUrl())
                .setSnapshotPolicy(policy(repository.getSnapshots()))
                .setReleasePolicy(policy(repository.getReleases())).build();
    }

    private static RepositoryPolicy policy(org.apache.maven.settings.RepositoryPolicy policy) {
        return policy == null ? new RepositoryPolicy()
                : new RepositoryPolicy(policy.isEnabled(), policy.getUpdatePolicy(), policy.getChecksumPolicy());
    }

    /** Tells the resolver of mirrors, proxies, credentials and whether to stay offline. */
    void configure(SessionBuilder session) {
        var mirrors = new DefaultMirrorSelector();
        settings.getMirrors().forEach(mirror -> mirrors.add(mirror.getId(), mirror.getUrl(), mirror.getLayout(), false,
                mirror.isBlocked(), mirror.getMirrorOf(), mirror.getMirrorOfLayouts()));
        var proxies = new DefaultProxySelector();
        settings.getProxies().stream().filter(org.apache.maven.settings.Proxy::isActive)
                .forEach(proxy -> proxies.add(new Proxy(proxy.getProtocol(), proxy.getHost(), proxy.getPort(),
                        new AuthenticationBuilder().addUsername(proxy.getUsername()).addPassword(proxy.getPassword())
                                .build()),
                        proxy.getNonProxyHosts()));
        var servers = new DefaultAuthenticationSelector();
        for (Server server : settings.getServers()) {
            servers.add(server.getId(), new AuthenticationBuilder().addUsername(server.getUsername())
                    .addPassword(server.getPassword()).addPrivateKey(server.getPrivateKey(), server.getPassphrase())
                    .build());
            Map<String, String> headers = headers(server);
            if (!headers.isEmpty()) {
                session.setConfigProperty(ConfigurationProperties.HTTP_HEADERS + "." + server.getId(), headers);
            }
        }
        session.setMirrorSelector(mirrors).setProxySelector(proxies).setAuthenticationSelector(servers)
                .setOffline(settings.isOffline());
    }

    /** The {@code httpHeaders} of a server's configuration, by which some companies hand out access. */
    private static Map<String, String> headers(Server server) {
        var headers = new HashMap<String, String>();
        if (server.getConfiguration() instanceof Xpp3Dom configuration) {
            Optional.ofNullable(configuration.getChild("httpHeaders")).map(Xpp3Dom::getChildren).stream()
                    .flatMap(Stream::of).forEach(header -> headers.put(text(header, "name"), text(header, "value")));
        }
        return headers;
    }

    private static String text(Xpp3Dom parent, String name) {
        return Optional.ofNullable(parent.getChild(name)).map(Xpp3Dom::getValue).orElse("");
    }
}
