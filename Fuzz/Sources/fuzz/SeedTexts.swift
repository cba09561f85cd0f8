extension Seeds {
    /// Texts of the kinds that no tool makes without a server or a measurement.
    static let texts: [String: String] = [
        "names": "S2A_MSIL1C_20240102T095037_N0510_R079_T35VLH_20240102T123037.SAFE",
        "time/names": "2024-01-02T09:50:37.123456Z",
        "http/names": "Sun, 06 Nov 1994 08:49:37 GMT",
        "range/fields": "bytes 0-99/1234",
        "url/fields": "https://user@host:8443/a%20b",
        "s3/list": """
        <?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
        <EncodingType>url</EncodingType><KeyCount>2</KeyCount><IsTruncated>true</IsTruncated>
        <NextContinuationToken>abc</NextContinuationToken><Contents><Key>a%2Fb+c</Key><Size>12</Size>
        <ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag>
        <LastModified>2024-01-02T03:04:05.678Z</LastModified></Contents>
        <Contents><Key>z</Key><Size>0</Size></Contents>
        <CommonPrefixes><Prefix>35VLH/</Prefix></CommonPrefixes></ListBucketResult>
        """,
        "s3/error": """
        <Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message><Resource>/b/k</Resource></Error>
        """,
        "lock/owner": """
        {"host":"c1","scope":"b/pid:[1]","process":12,"started":"345","ended":false,
        "job":{"cluster":"roihu","number":"7","restarts":0}}
        """,
        "shell.env": """
        # comment
        export A=1
        B="two ${A:-x} $HOME" # more
        C='thr\\ee' D=
        C=~/data/${B}${E:-$A}\\ x
        """,
        "aws/config": """
        [default]
        region = x
        [profile lab]
        endpoint_url = https://host:8443
        services = here
        s3 =
            max_concurrent_requests = 20
        [services here]
        s3 =
          endpoint_url = https://other
        """,
        "aws/credentials": """
        [DEFAULT]
        aws_session_token: t
        [lab]
        aws_access_key_id = AKIDEXAMPLE
        aws_secret_access_key = wJalrXUtnFEMI/K7MDENG
        """,
        "staging.json": """
        {"version":"0.1.0","created":"2026-11-24T02:45:39Z","host":"c2","from":"network","resolutions":["10m"],
        "copies":{"zarr":{"seconds":12.3,"bytes":58614512,"files":95,"already_there":0,"failed":0,
        "tile_years":["35VLH/2024"]}}}
        """,
        "plan.json": """
        {"tile":"35VLH","year":2024,"seed":1,"patch_size":600,"upper_left":{"x":300000,"y":6800040},
        "products":["a"],"rounds":[{"patches":[{"x":300000,"y":6800040}]},
        {"patches":[{"x":300600,"y":6799440}],"order":["temp zarr"]}]}
        """,
        "stac/item.json": """
        {"features":[{"id":"S2A_MSIL1C_20240102T095037_N0510_R079_T35VLH_20240102T123037.SAFE","properties":
        {"datetime":"2024-01-02T09:50:37.024Z","eopf:datastrip_id":"d"},"assets":{"product":{"href":"https://x",
        "alternate":{"s3":{"href":"s3://eodata/Sentinel-2/MSI/L1C/2024/01/02/S2A_MSIL1C_20240102T095037_N0510_R079_T35VLH_20240102T123037.SAFE"}}}}}],
        "links":[{"rel":"next","body":{"token":"next:1"}},{"rel":"child","href":"https://x/collections/SENTINEL-2"}]}
        """,
        "numbers.json":
            "[0, -1, 1.5e300, 9223372036854775807, -9223372036854775808, 1e-320, \"\\ud83d\\ude00\\n\", null, true, {}]",
    ]
}
