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
    Type=notify
    ExecStart=/usr/local/bin/petrel serve --config @FOLDER@/petrel.yaml
    ExecReload=/bin/kill -HUP $MAINPID
    User=petrel
    Restart=always
    RestartSec=1
    # Not when the configuration is wrong or the command is.
    RestartPreventExitStatus=64 78
    # The relay asks for more by itself where it needs it: a full disk at the start, a long `drain`.
    TimeoutStartSec=5min
    TimeoutStopSec=45
    # Fed only while the engine and the committer move.
    WatchdogSec=60
    LimitNOFILE=65536
    LimitCORE=0
    UMask=0077
    ReadWritePaths=@FOLDER@

    # What the relay cannot do, because it has no need to.
    NoNewPrivileges=yes
    CapabilityBoundingSet=
    AmbientCapabilities=
    ProtectSystem=strict
    ProtectHome=read-only
    PrivateMounts=yes
    PrivateTmp=yes
    PrivateDevices=yes
    PrivateUsers=yes
    PrivateIPC=yes
    ProtectProc=invisible
    ProcSubset=pid
    ProtectClock=yes
    ProtectHostname=yes
    ProtectControlGroups=yes
    ProtectKernelTunables=yes
    ProtectKernelModules=yes
    ProtectKernelLogs=yes
    RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
    RestrictNamespaces=yes
    RestrictRealtime=yes
    RestrictSUIDSGID=yes
    RemoveIPC=yes
    LockPersonality=yes
    MemoryDenyWriteExecute=yes
    DevicePolicy=closed
    KeyringMode=private
    SystemCallArchitectures=native
    SystemCallFilter=@system-service
    SystemCallFilter=~@privileged @resources
    # Short slices for the threads that answer, and scripts that give way to them.
    SystemCallFilter=sched_setattr setpriority
    SystemCallErrorNumber=EPERM

    [Install]
    WantedBy=multi-user.target

    """
}
