/** Tables in CSV files. */
module com.example.csv {
    requires cambium.api;

    exports com.example.csv to cambium.api;

    provides dev.cambium.part.PartProvider with com.example.csv.CsvParts;
}
