/// What `petrel init` writes.
enum Template {
  static let files: [(name: String, text: String)] = [
    ("petrel.yaml", configuration), ("workflows/hello.json", workflow), ("event.json", event),
    ("petrel.service", unit),
  ]

  private static let configuration = """
    # Petrel. `petrel check --config @FOLDER@/petrel.yaml` explains every mistake in here.
    data: ./data                  # made on first start: the store, the key file, the control socket
    listen: 127.0.0.1:8080        # hooks: POST /hooks/{name}
    admin: { listen: 127.0.0.1:8081, auth: token }   # petrel tokens create --role viewer
    workflows: ./workflows

    # What providers call, once this machine is reached from outside:
    # public_url: https://hooks.example.com

    hooks:
      hello:
        verify:
          provider: standard-webhooks
          # For trying only: refused as soon as a listener is not loopback. Then: env:NAME, file:PATH or vault:NAME.
          secret: "plain:whsec_YS1zZWNyZXQtdG8tdHJ5LXBldHJlbC13aXRo"

    """

  private static let workflow = """
    {
      "name": "hello",
      "on": { "hook": "hello" },
      "steps": [
        { "id": "greeting", "set": { "text": "Hello, {{ event.body.name }}!" } },
        { "id": "done", "stop": "{{ steps.greeting.text }}" }
      ]
    }

    """

  private static let event = """
    { "name": "world" }

    """

  private static let unit = """
    [Unit]
    Description=Petrel webhook relay
    After=network-online.target
    Wants=network-online.target

    [Service]
    ExecStart=/usr/local/bin/petrel serve --config @FOLDER@/petrel.yaml
    ExecReload=/bin/kill -HUP $MAINPID
    User=petrel
    Restart=always
    RestartSec=1
    # Not when the configuration is wrong or the command is.
    RestartPreventExitStatus=64 78
    # Longer than `drain`.
    TimeoutStopSec=45
    LimitNOFILE=65536
    UMask=0077
    ReadWritePaths=@FOLDER@
    NoNewPrivileges=yes
    ProtectSystem=strict
    ProtectHome=read-only
    PrivateTmp=yes
    PrivateDevices=yes
    ProtectKernelTunables=yes
    ProtectKernelModules=yes
    ProtectKernelLogs=yes
    ProtectControlGroups=yes
    ProtectClock=yes
    ProtectHostname=yes
    ProtectProc=invisible
    RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
    RestrictNamespaces=yes
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    LockPersonality=yes
    MemoryDenyWriteExecute=yes
    CapabilityBoundingSet=
    SystemCallArchitectures=native
    SystemCallFilter=@system-service
    SystemCallErrorNumber=EPERM

    [Install]
    WantedBy=multi-user.target

    """
}
