package dev.cambium.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sonatype.plexus.components.cipher.DefaultPlexusCipher;
import org.sonatype.plexus.components.cipher.PlexusCipherException;

import dev.cambium.CambiumException;
import dev.cambium.data.DataProgress;

class MavenArtifactsTest {
    private static final byte[] SMALL = "a small jar".getBytes(StandardCharsets.UTF_8);
    private static final byte[] LARGE = new byte[100_000];

    static {
        new Random(1).nextBytes(LARGE);
    }

    @TempDir
    private Path folder = Path.of("");
    private final Properties environment = new Properties();
    private final List<String> notes = new ArrayList<>();
    private final List<Long> transferred = new ArrayList<>();
    private final RepositoryServer server;

    MavenArtifactsTest() throws IOException {
        server = new RepositoryServer();
    }

    @BeforeEach
    void publish() throws IOException {
        server.publish("natives", LARGE, "small");
        server.publish("small", SMALL);
        server.put("natives", "-linux-x86_64.jar", LARGE);
        settings("<mirrors><mirror><id>company</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>"
                .formatted(server.url()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void artifacts_come_with_all_that_they_need_at_run_time() {
        assertThat(fetch("test:natives:jar:linux-x86_64:1")).extracting(file -> file.getFileName().toString())
                .containsExactlyInAnyOrder("natives-1-linux-x86_64.jar", "small-1.jar");
        assertThat(folder.resolve("repository/test/small/1/small-1.jar")).hasBinaryContent(SMALL);
        assertThat(notes).contains("Fetching small-1.jar from " + server.url());
        assertThat(transferred).last().isIn((long) LARGE.length, (long) SMALL.length);
    }

    @Test
    void what_lies_in_the_local_repository_is_not_fetched_again() {
        List<Path> first = fetch("test:small:1");
        int requests = server.requests().size();
        assertThat(fetch("test:small:1")).isEqualTo(first);
        assertThat(server.requests()).hasSize(requests);
    }

    // ---- what is damaged or missing

    @Test
    void wrong_checksum_is_refused() {
        server.put("small", ".jar.sha1", RepositoryServer.sha1(LARGE).getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> fetch("test:small:1")).isInstanceOf(CambiumException.class).hasMessage(
                """
                        can't fetch test:small:jar:1:
                          repository 'company' (%s): the file is damaged or not the one published: its checksum is %s, not %s; \
                        try again or tell those who run the repository"""
                        .formatted(server.url(), RepositoryServer.sha1(SMALL),
                                RepositoryServer.sha1(LARGE)));
        assertThat(folder.resolve("repository/test/small/1/small-1.jar")).doesNotExist();
    }

    @Test
    void missing_checksum_is_refused() {
        server.remove("/test/small/1/small-1.jar.sha1");
        assertThatThrownBy(() -> fetch("test:small:1")).isInstanceOf(CambiumException.class)
                .hasMessageContaining("it has no checksum, so that nobody can tell whether it is whole");
    }

    @Test
    void artifact_that_is_not_there_is_named_with_the_repository() {
        assertThatThrownBy(() -> fetch("test:natives:jar:windows-x86_64:1")).isInstanceOf(CambiumException.class)
                .hasMessage(
                        """
                                can't fetch test:natives:jar:windows-x86_64:1:
                                  repository 'company' (%s): it is not there; see whether this repository mirrors all that it should"""
                                .formatted(server.url()));
    }

    @Test
    void repository_that_does_not_answer_is_named() {
        server.close();
        assertThatThrownBy(() -> fetch("test:small:1")).isInstanceOf(CambiumException.class)
                .hasMessageStartingWith("can't fetch test:small:pom:1:\n  repository 'company' (%s): "
                        .formatted(server.url()))
                .hasMessageContaining("Connection refused");
    }

    // ---- interruptions

    @Test
    void connection_that_breaks_is_taken_up_again() {
        server.cut(2);
        List<Path> files = fetch("test:natives:1");
        assertThat(files.getFirst()).hasBinaryContent(LARGE);
        assertThat(server.requests()).containsSubsequence("/test/natives/1/natives-1.jar",
                "/test/natives/1/natives-1.jar bytes=50000-", "/test/natives/1/natives-1.jar bytes=75000-");
    }

    @Test
    void download_that_was_given_up_goes_on_next_time() throws IOException {
        Files.createDirectories(unfinished());
        Files.write(unfinished().resolve("natives-1.jar.part"), Arrays.copyOf(LARGE, 70_000));
        assertThat(fetch("test:natives:1").getFirst()).hasBinaryContent(LARGE);
        assertThat(server.requests()).contains("/test/natives/1/natives-1.jar bytes=70000-")
                .doesNotContain("/test/natives/1/natives-1.jar");
        assertThat(notes).contains("Going on after 70,000 bytes of an earlier download");
        assertThat(unfinished()).isEmptyDirectory();
    }

    @Test
    void part_of_another_file_is_noticed_and_fetched_afresh() throws IOException {
        Files.createDirectories(unfinished());
        Files.write(unfinished().resolve("natives-1.jar.part"), new byte[70_000]);
        assertThat(fetch("test:natives:1").getFirst()).hasBinaryContent(LARGE);
    }

    @Test
    void server_that_breaks_off_for_good_is_not_asked_for_ever() {
        server.cut(1000);
        assertThatThrownBy(() -> fetch("test:natives:1")).isInstanceOf(CambiumException.class)
                .hasMessageContaining("; check the network and try again: what has come so far is kept");
        server.cut(0);
        assertThat(fetch("test:natives:1").getFirst()).hasBinaryContent(LARGE);
    }

    // ---- Maven's settings

    @Test
    void repository_of_an_active_profile_is_asked() throws IOException {
        settings(
                """
                        <profiles><profile><id>mine</id><activation><property><name>env.MINE</name></property></activation>
                        <repositories><repository><id>central</id><url>%s</url></repository></repositories></profile></profiles>"""
                        .formatted(server.url()));
        environment.setProperty("env.MINE", "1");
        assertThat(fetch("test:small:1")).hasSize(1);
    }

    @Test
    void proxy_is_used() throws IOException {
        settings(
                """
                        <proxies><proxy><protocol>http</protocol><host>127.0.0.1</host><port>%d</port></proxy></proxies>
                        <mirrors><mirror><id>far</id><mirrorOf>*</mirrorOf><url>http://repository.invalid/</url></mirror></mirrors>"""
                        .formatted(server.port()));
        assertThat(fetch("test:small:1")).hasSize(1);
        assertThat(server.requests()).contains("http://repository.invalid/test/small/1/small-1.jar");
    }

    @Test
    void password_is_decrypted_and_sent() throws IOException, PlexusCipherException {
        var cipher = new DefaultPlexusCipher();
        Files.writeString(folder.resolve("settings-security.xml"),
                "<settingsSecurity><master>%s</master></settingsSecurity>"
                        .formatted(cipher.encryptAndDecorate("master", "settings.security")));
        settings("""
                <servers><server><id>company</id><username>me</username><password>%s</password></server></servers>
                <mirrors><mirror><id>company</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>"""
                .formatted(cipher.encryptAndDecorate("secret", "master"), server.url()));
        server.demand("Basic " + Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8)));
        assertThat(fetch("test:small:1")).hasSize(1);
    }

    @Test
    void header_of_a_server_is_sent() throws IOException {
        settings("""
                <servers><server><id>company</id><configuration><httpHeaders><property><name>Authorization</name>
                <value>Bearer token</value></property></httpHeaders></configuration></server></servers>
                <mirrors><mirror><id>company</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>"""
                .formatted(server.url()));
        server.demand("Bearer token");
        assertThat(fetch("test:small:1")).hasSize(1);
    }

    @Test
    void refused_access_names_the_place_for_credentials() {
        server.demand("Basic something");
        assertThatThrownBy(() -> fetch("test:small:1")).isInstanceOf(CambiumException.class).hasMessage("""
                can't fetch test:small:pom:1:
                  repository 'company' (%s): access is refused (HTTP 401); check <servers> in Maven's settings.xml"""
                .formatted(server.url()));
    }

    @Test
    void offline_means_offline() throws IOException {
        fetch("test:small:1");
        int requests = server.requests().size();
        settings("""
                <offline>true</offline>
                <mirrors><mirror><id>company</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>"""
                .formatted(server.url()));
        assertThat(fetch("test:small:1")).hasSize(1);
        assertThatThrownBy(() -> fetch("test:natives:1")).isInstanceOf(CambiumException.class).hasMessage(
                """
                        can't fetch test:natives:jar:1:
                          repository 'company' (%s): Maven's settings say offline; remove <offline> from settings.xml for this once"""
                        .formatted(server.url()));
        assertThat(server.requests()).hasSize(requests);
    }

    @Test
    void local_repository_is_where_the_settings_or_the_property_say() throws IOException {
        settings("""
                <localRepository>${env.PLACE}</localRepository>
                <mirrors><mirror><id>company</id><mirrorOf>*</mirrorOf><url>%s</url></mirror></mirrors>"""
                .formatted(server.url()));
        environment.setProperty("env.PLACE", folder.resolve("elsewhere").toString());
        assertThat(fetch("test:small:1").getFirst()).startsWith(folder.resolve("elsewhere"));
        environment.setProperty("maven.repo.local", folder.resolve("named").toString());
        assertThat(fetch("test:small:1").getFirst()).startsWith(folder.resolve("named"));
    }

    @Test
    void settings_of_the_installation_are_read_too() throws IOException {
        Files.move(folder.resolve("settings.xml"), folder.resolve("global.xml"));
        assertThat(MavenArtifacts.fetch(List.of("test:small:1"), unfinished(), DataProgress.silent(),
                MavenSettings.read(folder, Optional.of(folder.resolve("global.xml")), environment))).hasSize(1);
    }

    @Test
    void wrong_settings_are_named() throws IOException {
        settings("<mirrors>");
        assertThatThrownBy(() -> fetch("test:small:1")).isInstanceOf(CambiumException.class)
                .hasMessageStartingWith("Maven's settings can't be read: ")
                .hasMessageContaining(folder.resolve("settings.xml").toString());
    }

    private void settings(String content) throws IOException {
        Files.writeString(folder.resolve("settings.xml"), "<settings>%s</settings>".formatted(content));
    }

    private Path unfinished() {
        return folder.resolve("unfinished");
    }

    private List<Path> fetch(String coordinates) {
        return MavenArtifacts.fetch(List.of(coordinates), unfinished(), new DataProgress() {
            @Override
            public void note(String message) {
                notes.add(message);
            }

            @Override
            public void transferred(String what, long done, long total) {
                transferred.add(done);
            }
        }, MavenSettings.read(folder, Optional.empty(), environment));
    }
}
